// Browsers, workers, Node and React Native: WebSocket, and XMLHttpRequest, which shows an upload's progress, or fetch.
import type { FileLike, Options, RequestOptions, Transport } from './types.ts';

type SocketMaker = new (url: string) => WebSocket;

/** The surroundings' own means, with the application's in their place where it gave some. */
export function transportOf({ transport, WebSocket: given }: Options): Transport {
  const Maker = (given ?? globalThis.WebSocket) as SocketMaker;
  if (!Maker && !transport?.open) throw new Error('no WebSocket: pass one as an option');
  return {
    open(url, onText, onClose) {
      const socket = new Maker(url);
      socket.onmessage = ({ data }) => onText(data);
      socket.onclose = onClose;
      // A close follows; without this `ws` throws.
      socket.onerror = () => {};
      return socket;
    },
    request: ({ file, body = file && formOf(file), ...options }) =>
      globalThis.XMLHttpRequest
        ? xhr({ ...options, body })
        : fetch(options.url, { ...options, body }).then(async (answer) => ({
            status: answer.status,
            text: await answer.text(),
          })),
    onWake(wake) {
      const { document } = globalThis;
      const look = (): unknown => document.hidden || wake();
      const hear = (add: 'addEventListener' | 'removeEventListener'): void => {
        globalThis[add]?.('online', wake);
        document?.[add]('visibilitychange', look);
      };
      hear('addEventListener');
      return () => hear('removeEventListener');
    },
    ...transport,
  };
}

function formOf(file: FileLike): FormData {
  if (file instanceof FormData) return file;
  const form = new FormData();
  // React Native takes `{uri, name, type}` as it is; a File brings its name along; raw bytes need a wrapping.
  form.append('attachment', (file instanceof Blob || 'uri' in file ? file : new Blob([file as ArrayBuffer])) as Blob);
  return form;
}

const xhr = ({ method, url, headers, body, onProgress, signal }: RequestOptions) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const name in headers) request.setRequestHeader(name, headers[name] as string);
    if (onProgress) request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total);
    request.onload = () => resolve({ status: request.status, text: request.responseText });
    request.onerror = request.onabort = () => reject(new Error('network'));
    signal?.addEventListener('abort', () => request.abort());
    request.send(body);
  });
