import { type Config, readConfig, strangeNames } from '../config.ts';
import { shownDatabase } from '../config-database.ts';
import type { Io } from './io.ts';
import { readOptions, words } from './options.ts';

/** Prints what a server started now would use. */
export async function config(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, { json: { type: 'boolean' } });
  words(positionals);
  const effective = readConfig(io.env);
  if (values.json) {
    io.out(JSON.stringify(effective, null, 2));
  } else {
    const {
      host,
      port,
      dataDir,
      apps,
      publicUrl,
      tls,
      trustProxy,
      adminToken,
      demo,
      s3,
      databaseUrl,
      nats,
      sms,
      logLevel,
    } = effective;
    const rows: [string, unknown][] = [
      ['HOST', host],
      ['PORT', port],
      ['DATA', dataDir],
      [
        'APPS',
        apps.map(({ id, clientKey, masterKey }) => `${id}:${clientKey}:${masterKey}`).join(',') || '(one is generated)',
      ],
      ['PUBLIC_URL', publicUrl ?? '(what each request says)'],
      ['TLS_CERT', tls?.certPath ?? '(plain HTTP)'],
      ['TLS_KEY', tls?.keyPath ?? '(plain HTTP)'],
      ['TRUST_PROXY', trustProxy.join(',') || '(nobody)'],
      ['ADMIN_TOKEN', adminToken ?? '(generated, in admin-token of the data folder)'],
      ['DEMO', demo ? 'on' : 'off'],
      ...(s3 ? s3Rows(s3) : [['S3_BUCKET', '(uploads are files in the data folder)'] as [string, string]]),
      ['DATABASE_URL', databaseUrl ? shownDatabase(databaseUrl) : '(SQLite in the data folder)'],
      ['NATS_URL', nats?.servers.join(',') ?? '(a single node)'],
      ['NATS_PREFIX', nats?.prefix ?? 'hongyan'],
      ['SMS', sms],
      ['LOG_LEVEL', logLevel],
    ];
    for (const [name, value] of rows) io.out(`HONGYAN_${name}=${value}`);
  }
  for (const name of strangeNames(io.env)) io.err(`${name} is not a variable of this server: misspelt?`);
  return 0;
}

function s3Rows(s3: NonNullable<Config['s3']>): [string, unknown][] {
  return [
    ['S3_ENDPOINT', s3.endpoint ?? "(Amazon's)"],
    ['S3_REGION', s3.region],
    ['S3_BUCKET', s3.bucket],
    ['S3_ACCESS_KEY', s3.accessKey],
    ['S3_SECRET_KEY', s3.secretKey],
    ['S3_PREFIX', s3.prefix || '(none)'],
    ['S3_PATH_STYLE', s3.pathStyle ? 'on' : 'off'],
    ['S3_READS', s3.reads],
  ];
}
