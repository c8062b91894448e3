// A client of the LeanCloud door that speaks bare frames: it asks, hears the answer with its number, and keeps every push.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { App } from '../../src/core/apps/app.ts';
import {
  type Command,
  decodeCommand,
  encodeCommand,
  type SessionMessage,
} from '../../src/dialects/leancloud/socket/frames.ts';
import { eventually, within } from './eventually.ts';
import type { World } from './world.ts';

export type WireOptions = { subprotocol?: string; app?: App; origin?: string };

/** Bits of SDK 4.3.1. */
export const usualBits = 59;

export class LcWire {
  readonly #ws: WebSocket;
  readonly #app: App;
  readonly #text: boolean;
  readonly #waiting = new Map<number, (command: Command) => void>();
  #i = 0;
  /** Everything that was no answer, in order; and with the answers, as it came. */
  readonly pushes: Command[] = [];
  readonly all: Command[] = [];
  closeCode: number | undefined;

  private constructor(ws: WebSocket, app: App, text: boolean) {
    this.#ws = ws;
    this.#app = app;
    this.#text = text;
    ws.on('message', (data: Buffer) => this.#hear(text ? Buffer.from(data.toString(), 'base64') : data));
    ws.on('close', (code) => {
      this.closeCode = code;
    });
    ws.on('error', () => {});
  }

  static async connect(world: World, { subprotocol = 'lc.protobuf2.3', app = world.app, origin }: WireOptions = {}) {
    const ws = new WebSocket(world.url.replace('http', 'ws'), subprotocol, origin === undefined ? {} : { origin });
    const wire = new LcWire(ws, app, subprotocol.includes('base64'));
    await within('the socket opens', once(ws, 'open'));
    return wire;
  }

  /** Connects and opens one session. */
  static async open(world: World, peerId: string, said: SessionMessage = {}, options: WireOptions = {}) {
    const wire = await LcWire.connect(world, options);
    const opened = await wire.openSession(peerId, said);
    if (opened.op !== 'opened') throw new Error(`not opened: ${JSON.stringify(opened)}`);
    return wire;
  }

  get protocol(): string {
    return this.#ws.protocol;
  }

  openSession(peerId: string | undefined, said: SessionMessage = {}): Promise<Command> {
    const sessionMessage = { ua: 'js/4.3.1', r: false, configBitmap: usualBits, ...said };
    return this.ask({
      cmd: 'session',
      op: 'open',
      appId: this.#app.id,
      ...(peerId === undefined ? {} : { peerId }),
      sessionMessage,
    });
  }

  send(command: Command): void {
    this.sendBytes(encodeCommand(command));
  }

  sendBytes(bytes: Buffer): void {
    this.#ws.send(this.#text ? bytes.toString('base64') : bytes);
  }

  ask(command: Command): Promise<Command> {
    this.#i += 1;
    const i = this.#i;
    const answer = new Promise<Command>((resolve) => this.#waiting.set(i, resolve));
    this.send({ ...command, i });
    return within(`an answer to ${command.cmd}/${command.op}`, answer);
  }

  /** The first push that fits, whenever it comes; it is taken out of the list. */
  async next(what: string, fits: (command: Command) => boolean): Promise<Command> {
    const at = await eventually(what, () => {
      const n = this.pushes.findIndex(fits);
      return n >= 0 && n + 1;
    });
    return this.pushes.splice(at - 1, 1)[0] as Command;
  }

  nextOp(cmd: string, op?: string): Promise<Command> {
    return this.next(`${cmd}/${op}`, (push) => push.cmd === cmd && (op === undefined || push.op === op));
  }

  /** Everything that was caused before this call has been heard when it resolves. */
  async settled(): Promise<void> {
    for (let n = 0; n < 3; n += 1) await this.ask({ cmd: 'echo' });
  }

  say(cid: string, text: string, more: object = {}): Promise<Command> {
    return this.ask({ cmd: 'direct', directMessage: { cid, msg: textOf(text), ...more } });
  }

  async start(m: string[], more: object = {}): Promise<string> {
    const { convMessage } = await this.ask({ cmd: 'conv', op: 'start', convMessage: { m, ...more } });
    if (convMessage?.cid === undefined) throw new Error('not started');
    return convMessage.cid;
  }

  logs(cid: string, more: object = {}): Promise<Command> {
    return this.ask({ cmd: 'logs', logsMessage: { cid, ...more } });
  }

  async close(): Promise<void> {
    if (this.#ws.readyState === WebSocket.CLOSED) return;
    this.#ws.close();
    await eventually('the socket is closed', () => this.#ws.readyState === WebSocket.CLOSED);
  }

  /** As a lost network does: nothing is said. */
  cut(): void {
    this.#ws.terminate();
  }

  #hear(bytes: Buffer): void {
    const command = decodeCommand(bytes);
    if (!command) throw new Error('the server sent what is no command');
    this.all.push(command);
    const resolve = command.i === undefined ? undefined : this.#waiting.get(command.i);
    if (!resolve) this.pushes.push(command);
    else {
      this.#waiting.delete(command.i as number);
      resolve(command);
    }
  }
}

/** A text message as the vendor's JavaScript SDK writes it. */
export const textOf = (text: string): string => JSON.stringify({ _lctext: text, _lctype: -1 });
