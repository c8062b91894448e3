// A connection with a switch: a page can use it too, where no proxy can stand between.
import type { Line, Transport } from '../../src/index.ts';
import { transportOf } from '../../src/transport.ts';

export type Switch = {
  readonly transport: Partial<Transport>;
  /** Cuts the connection; while it is off none comes about. */
  off(): void;
  on(): void;
  /** The connection stays open and nothing comes through any more, either way. */
  freeze(): void;
  /** How often a connection was tried. */
  readonly tries: number;
};

export function openSwitch(): Switch {
  const real = transportOf({ appId: 'x', key: 'x' });
  let isOn = true;
  let isFrozen = false;
  let cut: (() => void) | undefined;
  let wake = (): void => {};
  let tries = 0;
  return {
    transport: {
      open(url, onText, onClose): Line {
        tries++;
        isFrozen = false;
        if (!isOn) {
          setTimeout(onClose);
          return { send() {}, close() {} };
        }
        const line = real.open(url, (text) => isFrozen || onText(text), onClose);
        cut = () => {
          line.close();
          onClose();
        };
        return { send: (text) => isFrozen || line.send(text), close: () => line.close() };
      },
      request: (options) => (isOn ? real.request(options) : Promise.reject(new Error('network'))),
      onWake(callback) {
        wake = callback;
        return () => {};
      },
    },
    off() {
      isOn = false;
      cut?.();
    },
    on() {
      isOn = true;
      wake();
    },
    freeze() {
      isFrozen = true;
    },
    get tries() {
      return tries;
    },
  };
}
