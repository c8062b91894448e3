// One script, one style sheet, and beside each its compressed twins, so that the server only has to hand them out.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const dist = fileURLToPath(new URL('dist/', import.meta.url));

function compressedTwins(): Plugin {
  return {
    name: 'compressed-twins',
    apply: 'build',
    closeBundle() {
      for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !/\.(html|js|css|svg)$/.test(entry.name)) continue;
        const path = join(entry.parentPath, entry.name);
        const bytes = readFileSync(path);
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
        writeFileSync(
          `${path}.br`,
          brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }),
        );
      }
    },
  };
}

/** In development the pages come from Vite, and everything else from a server that runs with its demo on. */
const server = process.env.HONGYAN_SERVER ?? 'http://127.0.0.1:8787';
const ofServer = ['/ctx', '/groups', '/rooms', '/passengers', '/system', '/attachment', '/uploads', '/demo.json'];

export default defineConfig({
  clearScreen: false,
  build: { target: 'es2022', modulePreload: false, assetsInlineLimit: 0, reportCompressedSize: false },
  plugins: [compressedTwins()],
  server: {
    proxy: {
      ...Object.fromEntries(ofServer.map((path) => [path, { target: server }])),
      '/socket.io': { target: server, ws: true },
    },
  },
});
