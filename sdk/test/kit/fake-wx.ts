// What a WeChat mini program is given in place of a browser, with the shapes of its documents, over Node's own means.
import { setTimeout as later } from 'node:timers';
import type { Wx } from '../../src/wechat.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of wx functions
type Given = any;

/** Files of the device by their temporary paths. */
export type Device = Map<string, Blob>;

export function fakeWx(files: Device): Wx & { show(): void; calls: string[] } {
  const shown = new Set<() => void>();
  const calls: string[] = [];
  return {
    calls,
    connectSocket({ url }) {
      calls.push('connectSocket');
      const socket = new WebSocket(url);
      return {
        onMessage: (callback) => socket.addEventListener('message', ({ data }) => callback({ data })),
        onClose: (callback) => socket.addEventListener('close', () => callback({})),
        onError: (callback) => socket.addEventListener('error', () => callback({})),
        send: ({ data }) => socket.send(data),
        close: () => socket.close(),
      };
    },
    request({ url, method, header, data, success, fail }: Given) {
      calls.push('request');
      fetch(url, { method, headers: header, body: data }).then(
        async (answer) => success({ statusCode: answer.status, data: await answer.text(), header: {} }),
        (error) => fail({ errMsg: `request:fail ${error.message}` }),
      );
    },
    uploadFile({ url, header, name, filePath, success, fail }: Given) {
      calls.push('uploadFile');
      const form = new FormData();
      form.append(name, files.get(filePath) as Blob, filePath.split('/').at(-1));
      let progress = (_: { progress: number }): void => {};
      later(() => {
        progress({ progress: 50 });
        fetch(url, { method: 'POST', headers: header, body: form }).then(
          async (answer) => success({ statusCode: answer.status, data: await answer.text() }),
          (error) => fail({ errMsg: `uploadFile:fail ${error.message}` }),
        );
      });
      return {
        onProgressUpdate(callback) {
          progress = callback;
        },
        abort() {},
      };
    },
    onAppShow: (callback) => void shown.add(callback),
    offAppShow: (callback) => void shown.delete(callback),
    show: () => {
      for (const callback of shown) callback();
    },
  };
}
