// The variables of object storage: all that are needed, or none.
import { Secret } from './secret.ts';

export type S3Config = {
  /** Absent: Amazon's, by the region. */
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: Secret;
  /** '' or a path with a slash at its end. */
  readonly prefix: string;
  /** The bucket stands in the path, not in the host's name. */
  readonly pathStyle: boolean;
  /** `redirect`: readers are sent to the bucket with a link that is good for some minutes. */
  readonly reads: 'proxy' | 'redirect';
};

export type S3Values = Readonly<
  Record<
    'endpoint' | 'region' | 'bucket' | 'accessKey' | 'secretKey' | 'prefix' | 'pathStyle' | 'reads',
    string | undefined
  >
>;

type Problem = (name: string, sentence: string) => void;

/** undefined when nothing is set, or (with problems told) when something is wrong. */
export function readS3(values: S3Values, problem: Problem): S3Config | undefined {
  if (Object.values(values).every((value) => value === undefined)) return undefined;
  const { endpoint, bucket, accessKey, secretKey, pathStyle, reads } = values;
  const needed = [
    ['S3_BUCKET', bucket],
    ['S3_ACCESS_KEY', accessKey],
    ['S3_SECRET_KEY', secretKey],
    // A storage of one's own has one region at most, and most of them do not look at its name.
    ['S3_REGION', values.region ?? endpoint],
  ] as const;
  const missing = needed.filter(([, value]) => value === undefined);
  for (const [name] of missing)
    problem(name, 'is missing: other HONGYAN_S3 variables are set, and uploads on object storage need it');

  if (endpoint !== undefined && !isPlainUrl(endpoint))
    problem('S3_ENDPOINT', 'is the address of the storage without the bucket, such as https://s3.example.com');
  if (bucket !== undefined && !/^[\w][\w.-]{1,61}[\w]$/.test(bucket))
    problem('S3_BUCKET', 'is the name of a bucket: 3 to 63 letters, digits, dots and dashes');
  if (values.region !== undefined && !/^[\w-]{1,64}$/.test(values.region))
    problem('S3_REGION', 'is the name of a region, such as eu-central-1');
  for (const [name, key] of [
    ['S3_ACCESS_KEY', accessKey],
    ['S3_SECRET_KEY', secretKey],
  ] as const)
    if (key !== undefined && !/^[\x21-\x7e]{1,256}$/.test(key))
      problem(name, 'is at most 256 visible characters without spaces');
  const prefix = readPrefix(values.prefix, problem);
  if (pathStyle !== undefined && pathStyle !== 'on' && pathStyle !== 'off') problem('S3_PATH_STYLE', 'is on or off');
  if (reads !== undefined && reads !== 'proxy' && reads !== 'redirect') problem('S3_READS', 'is proxy or redirect');
  if (bucket === undefined || accessKey === undefined || secretKey === undefined) return undefined;
  return Object.freeze({
    endpoint: endpoint?.replace(/\/+$/, ''),
    region: values.region ?? 'us-east-1',
    bucket,
    accessKey,
    secretKey: new Secret(secretKey),
    prefix,
    pathStyle: pathStyle === undefined ? endpoint !== undefined : pathStyle === 'on',
    reads: reads === 'redirect' ? 'redirect' : 'proxy',
  });
}

function isPlainUrl(text: string): boolean {
  const url = URL.parse(text);
  return Boolean(url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username && !url.password);
}

function readPrefix(text: string | undefined, problem: Problem): string {
  const folders = (text ?? '').split('/').filter((folder) => folder !== '');
  const good = folders.every((folder) => /^[\w.-]{1,100}$/.test(folder) && !/^\.+$/.test(folder));
  if (!good || folders.join('/').length > 200)
    problem(
      'S3_PREFIX',
      'is a folder in the bucket, of letters, digits, dots, dashes and slashes, such as chat/uploads',
    );
  return folders.map((folder) => `${folder}/`).join('');
}
