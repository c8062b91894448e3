// Whom we believe: X-Forwarded-* headers count only when they come from a proxy that the operator named.
import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv4, isIPv6 } from 'node:net';

export type Trust = (address: string | undefined) => boolean;

/** `networks`: addresses and CIDR networks. */
export function trustIn(networks: readonly string[]): Trust {
  const trusted = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  return (address) => {
    const plain = plainAddress(address ?? '');
    if (isIPv4(plain)) return trusted.check(plain, 'ipv4');
    return isIPv6(plain) && trusted.check(plain, 'ipv6');
  };
}

/** A socket bound to both families shows IPv4 peers as ::ffff:1.2.3.4. */
const plainAddress = (address: string): string =>
  address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;

/** The nearest address on the way that is not one of our proxies; for requests and upgrades alike. */
export function remoteAddress(req: IncomingMessage, trust: Trust): string {
  let nearest = plainAddress(req.socket.remoteAddress ?? '');
  const forwarded = [req.headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  while (trust(nearest)) {
    const before = plainAddress(forwarded.pop()?.trim() ?? '');
    if (!isIPv4(before) && !isIPv6(before)) break;
    nearest = before;
  }
  return nearest;
}

const hostSyntax = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/** Scheme and host as the client sees them, without a slash at the end; undefined when the request names no proper host. */
export function originOf(req: IncomingMessage, trust: Trust): string | undefined {
  const believed = trust(req.socket.remoteAddress);
  const forwarded = (name: string): string | undefined =>
    believed ? [req.headers[name] ?? []].flat().join(',').split(',').at(-1)?.trim() || undefined : undefined;
  const host = forwarded('x-forwarded-host') ?? req.headers.host ?? '';
  const told = forwarded('x-forwarded-proto');
  const scheme = told === 'http' || told === 'https' ? told : 'encrypted' in req.socket ? 'https' : 'http';
  return hostSyntax.test(host) ? `${scheme}://${host}` : undefined;
}
