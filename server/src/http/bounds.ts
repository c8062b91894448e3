// Bounds of the HTTP listener itself; what messages and uploads may hold is in core/limits.ts.

export const httpBounds = {
  /** A header that takes longer is not a slow phone but an attack. */
  headersTimeoutMs: 20_000,
  /** A whole request, upload included: 20 MB over a poor mobile line. */
  requestTimeoutMs: 300_000,
  /** A connection on which nothing moves, e.g. a reader that does not read. Upgraded sockets have their own heartbeat. */
  silenceTimeoutMs: 120_000,
  /** Longer than the 60 s after which the usual proxies let go, so that the proxy never sends into a closed socket. */
  keepAliveTimeoutMs: 65_000,
  /** A JSON body. Uploads are streamed and counted by their own door. */
  bodyBytesMax: 1024 * 1024,
  /** One path segment: an id that is far too long still reaches its door, which says so in its own words. */
  paramCharsMax: 16 * 1024,
  queryNamesMax: 200,
  /** Header block of one request: a Socket.IO handshake carries its login in the query. */
  headerBytesMax: 32 * 1024,
  connectionsMax: 100_000,
  /** How long a closing server waits for requests in flight. */
  drainMsMax: 5_000,
} as const;
