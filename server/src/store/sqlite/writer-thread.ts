// The writer's thread: batches in, answers out, one after the other, both as JSON, which is cheaper than cloned objects.
// Started by writer-client.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { connectWriter } from './connection.ts';
import { openWriter, type Write } from './writer.ts';

export type WriterStart = { readonly path: string; readonly checkpointPages: number };
/** A batch as JSON text, or the end. */
export type WriterCall = { readonly batch: string } | { readonly act: 'close' };

if (!parentPort) throw new Error('writer-thread.ts runs as a worker thread only');
const port = parentPort;
const start = workerData as WriterStart;
const writer = openWriter(connectWriter(start.path, start.checkpointPages));

let turn: Promise<void> = Promise.resolve();

async function serve(call: WriterCall): Promise<void> {
  if ('batch' in call) port.postMessage(JSON.stringify(await writer.commit(JSON.parse(call.batch) as Write[])));
  else {
    writer.close();
    port.close();
  }
}

port.on('message', (call: WriterCall) => {
  turn = turn.then(() => serve(call));
});
