// Providers that give out access tokens only: each is asked whether the token is this user's, and this app's where their
// user ids are the same for every app.
import type { Provider } from '../core/accounts/provider.ts';
import type { JsonObject } from '../core/json.ts';
import type { Identified } from '../core/ports/identity.ts';
import { getJson } from './ask.ts';
import { unproven } from './unproven.ts';

type Asked = Exclude<Provider, { kind: 'oidc' }>;

const addresses = {
  wechat: 'https://api.weixin.qq.com',
  qq: 'https://graph.qq.com',
  weibo: 'https://api.weibo.com',
} as const;

/** The proof: `access_token`, and the user's id there as `id`, `openid` or `uid`. */
export async function askProvider(
  { kind, appId, base = addresses[kind] }: Asked,
  proof: JsonObject,
): Promise<Identified> {
  const token = proof.access_token;
  const id = proof.id ?? proof.openid ?? proof.uid;
  if (!isToken(token) || !(typeof id === 'string' || typeof id === 'number')) throw unproven();
  const subject = await subjectOf(kind, base, appId, token, `${id}`);
  if (subject !== `${id}`) throw unproven();
  return { subject, data: {} };
}

const isToken = (token: unknown): token is string => typeof token === 'string' && token !== '' && token.length <= 4_096;

/** Whose token it is; undefined when the provider does not know it, or gave it to another app. */
async function subjectOf(
  kind: Asked['kind'],
  base: string,
  appId: string | undefined,
  token: string,
  id: string,
): Promise<string | undefined> {
  if (kind === 'wechat') {
    const { errcode } = await getJson(`${base}/sns/auth?${new URLSearchParams({ access_token: token, openid: id })}`);
    return errcode === 0 ? id : undefined;
  }
  if (kind === 'qq') {
    const query = new URLSearchParams({ access_token: token, fmt: 'json' });
    const { client_id, openid } = await getJson(`${base}/oauth2.0/me?${query}`);
    return `${client_id}` === appId && typeof openid === 'string' ? openid : undefined;
  }
  const body = new URLSearchParams({ access_token: token });
  const { appkey, uid, expire_in: left } = await getJson(`${base}/oauth2/get_token_info`, { method: 'POST', body });
  const living = typeof left === 'number' && left > 0;
  return living && `${appkey}` === appId && uid !== undefined ? `${uid}` : undefined;
}
