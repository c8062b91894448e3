// The means of a WeChat mini program in place of a browser's: `connect({ …, transport: wechat(wx) })`.
import type { Transport } from './types.ts';

/** The part of `wx` that is used. */
export type Wx = {
  connectSocket(options: { url: string; fail?(error: unknown): void }): {
    onMessage(callback: (event: { data: string | ArrayBuffer }) => void): void;
    onClose(callback: (event?: unknown) => void): void;
    onError(callback: (error?: unknown) => void): void;
    send(options: { data: string }): void;
    close(options: object): void;
  };
  // biome-ignore lint/suspicious/noExplicitAny: wx declares its own, richer types
  request(options: any): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  uploadFile(options: any): {
    onProgressUpdate?(callback: (event: { progress: number }) => void): void;
    abort?(): void;
  };
  onAppShow?(callback: () => void): void;
  offAppShow?(callback: () => void): void;
  onNetworkStatusChange?(callback: (status: { isConnected: boolean }) => void): void;
  offNetworkStatusChange?(callback: (status: { isConnected: boolean }) => void): void;
};

type WxAnswer = { statusCode: number; data: string };

/** What is uploaded there is `{uri: tempFilePath}`. */
export function wechat(wx: Wx): Transport {
  const ask = (start: (more: object) => unknown): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) =>
      start({
        success: ({ statusCode, data }: WxAnswer) => resolve({ status: statusCode, text: data }),
        fail: ({ errMsg }: { errMsg?: string }) => reject(new Error(errMsg ?? 'network')),
      }),
    );
  return {
    open(url, onText, onClose) {
      let isOpen = true;
      const end = (): void => {
        if (isOpen) onClose();
        isOpen = false;
      };
      const task = wx.connectSocket({ url, fail: end });
      task.onMessage(({ data }) => onText(data as string));
      task.onClose(end);
      task.onError(end);
      return { send: (data) => task.send({ data }), close: () => task.close({}) };
    },
    request: ({ method, url, headers: header, body: data, file, onProgress, signal }) =>
      ask((more) => {
        // As text: the SDK parses what it hears.
        if (!file) return wx.request({ method, url, header, data, dataType: 'text', responseType: 'text', ...more });
        const task = wx.uploadFile({
          url,
          header,
          name: 'attachment',
          filePath: (file as { uri: string }).uri,
          ...more,
        });
        task.onProgressUpdate?.(({ progress }) => onProgress?.(progress / 100));
        signal?.addEventListener('abort', () => task.abort?.());
      }),
    onWake(wake) {
      const look = ({ isConnected }: { isConnected: boolean }): unknown => isConnected && wake();
      wx.onAppShow?.(wake);
      wx.onNetworkStatusChange?.(look);
      return () => {
        wx.offAppShow?.(wake);
        wx.offNetworkStatusChange?.(look);
      };
    },
  };
}
