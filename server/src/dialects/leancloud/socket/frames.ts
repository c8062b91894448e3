// One command a frame: what the gateway hears and says, and its bytes. Numbers are JavaScript numbers (all times and
// counts fit), absent fields are absent, and a field is written exactly when it is set, `session` (0) included.
import protobuf from 'protobufjs';
import { type CommandType, commandTypes, type OpType, opTypes, schema } from './schema.ts';

export type ErrorMessage = {
  code: number;
  reason: string;
  appCode?: number;
  appMsg?: string;
  detail?: string;
  pids?: string[];
};
type JsonText = { data: string };

export type SessionMessage = {
  t?: number;
  n?: string;
  s?: string;
  ua?: string;
  r?: boolean;
  tag?: string;
  deviceId?: string;
  sessionPeerIds?: string[];
  onlineSessionPeerIds?: string[];
  st?: string;
  stTtl?: number;
  code?: number;
  reason?: string;
  deviceToken?: string;
  detail?: string;
  lastUnreadNotifTime?: number;
  lastPatchTime?: number;
  configBitmap?: number;
};

export type DirectMessage = {
  msg?: string;
  fromPeerId?: string;
  timestamp?: number;
  offline?: boolean;
  hasMore?: boolean;
  toPeerIds?: string[];
  r?: boolean;
  cid?: string;
  id?: string;
  transient?: boolean;
  dt?: string;
  pushData?: string;
  will?: boolean;
  patchTimestamp?: number;
  binaryMsg?: Uint8Array;
  mentionPids?: string[];
  mentionAll?: boolean;
  convType?: number;
};

export type AckMessage = {
  code?: number;
  reason?: string;
  mid?: string;
  cid?: string;
  t?: number;
  uid?: string;
  fromts?: number;
  tots?: number;
  ids?: string[];
  appCode?: number;
  appMsg?: string;
};

export type UnreadTuple = {
  cid: string;
  unread: number;
  mid?: string;
  timestamp?: number;
  from?: string;
  data?: string;
  patchTimestamp?: number;
  mentioned?: boolean;
  binaryMsg?: Uint8Array;
  convType?: number;
};

export type ConvMessage = {
  m?: string[];
  transient?: boolean;
  unique?: boolean;
  cid?: string;
  cdate?: string;
  initBy?: string;
  sort?: string;
  limit?: number;
  skip?: number;
  flag?: number;
  count?: number;
  udate?: string;
  t?: number;
  n?: string;
  s?: string;
  uniqueId?: string;
  targetClientId?: string;
  maxReadTimestamp?: number;
  maxAckTimestamp?: number;
  queryAllMembers?: boolean;
  maxReadTuples?: { pid?: string; maxAckTimestamp?: number; maxReadTimestamp?: number }[];
  cids?: string[];
  info?: { pid?: string; role?: string; infoId?: string };
  tempConv?: boolean;
  tempConvTTL?: number;
  tempConvIds?: string[];
  allowedPids?: string[];
  failedPids?: ErrorMessage[];
  existing?: boolean;
  next?: string;
  results?: JsonText;
  where?: JsonText;
  attr?: JsonText;
  attrModified?: JsonText;
};

export type LogItem = {
  from?: string;
  data?: string;
  timestamp?: number;
  msgId?: string;
  ackAt?: number;
  readAt?: number;
  patchTimestamp?: number;
  mentionAll?: boolean;
  mentionPids?: string[];
  bin?: boolean;
  convType?: number;
};

export type LogsMessage = {
  cid?: string;
  l?: number;
  limit?: number;
  t?: number;
  tt?: number;
  tmid?: string;
  mid?: string;
  direction?: 'OLD' | 'NEW';
  tIncluded?: boolean;
  ttIncluded?: boolean;
  lctype?: number;
  logs?: LogItem[];
};

export type PatchItem = {
  cid?: string;
  mid?: string;
  timestamp?: number;
  recall?: boolean;
  data?: string;
  patchTimestamp?: number;
  from?: string;
  binaryMsg?: Uint8Array;
  mentionAll?: boolean;
  mentionPids?: string[];
  patchCode?: number;
  patchReason?: string;
};

export type BlacklistMessage = {
  srcCid?: string;
  toPids?: string[];
  srcPid?: string;
  toCids?: string[];
  limit?: number;
  next?: string;
  blockedPids?: string[];
  blockedCids?: string[];
  allowedPids?: string[];
  failedPids?: ErrorMessage[];
  t?: number;
  n?: string;
  s?: string;
};

export type Command = {
  cmd?: CommandType;
  op?: OpType;
  appId?: string;
  peerId?: string;
  i?: number;
  installationId?: string;
  priority?: number;
  service?: number;
  serverTs?: number;
  notificationType?: number;
  sessionMessage?: SessionMessage;
  errorMessage?: ErrorMessage;
  directMessage?: DirectMessage;
  ackMessage?: AckMessage;
  unreadMessage?: { convs?: UnreadTuple[]; notifTime?: number };
  readMessage?: { cid?: string; cids?: string[]; convs?: { cid: string; timestamp?: number; mid?: string }[] };
  rcpMessage?: { id?: string; cid?: string; t?: number; read?: boolean; from?: string };
  logsMessage?: LogsMessage;
  convMessage?: ConvMessage;
  reportMessage?: { initiative?: boolean; type?: string; data?: string };
  patchMessage?: { patches?: PatchItem[]; lastPatchTime?: number };
  blacklistMessage?: BlacklistMessage;
  loggedinMessage?: { pushDisabled?: boolean };
};

// Without a Long class 64-bit integers are read as numbers; every one in this protocol is below 2^53.
// biome-ignore lint/suspicious/noExplicitAny: the library types it as a class that is always there
protobuf.util.Long = undefined as any;
protobuf.configure();
const { root } = protobuf.parse(schema, { keepCase: true });
const generic = root.lookupType('GenericCommand');
const commandNumbers = new Map<string, number>(commandTypes.map((name, number) => [name, number]));

export function encodeCommand(command: Command): Buffer {
  const { cmd, op, logsMessage, ...rest } = command;
  const message = generic.create({
    ...rest,
    ...(cmd === undefined ? {} : { cmd: commandNumbers.get(cmd) }),
    ...(op === undefined ? {} : { op: opTypes[op] }),
    ...(logsMessage === undefined
      ? {}
      : {
          logsMessage: { ...logsMessage, direction: logsMessage.direction === 'NEW' ? 2 : logsMessage.direction && 1 },
        }),
  });
  return Buffer.from(generic.encode(message).finish());
}

/** A command from loosely typed fields, its `cmd` and `op` by name; undefined when it is none. */
export function coerceCommand(said: object): Command | undefined {
  const { cmd, op, ...rest } = said as { cmd?: string; op?: string };
  const known = {
    cmd: commandNumbers.get(cmd ?? ''),
    op: Object.hasOwn(opTypes, op ?? '') ? opTypes[op as OpType] : undefined,
  };
  try {
    return decodeCommand(generic.encode(generic.fromObject({ ...rest, ...known })).finish());
  } catch {
    return undefined;
  }
}

/** undefined when the bytes are no command. Only fields that were sent are there. */
export function decodeCommand(bytes: Uint8Array): Command | undefined {
  try {
    return generic.toObject(generic.decode(bytes), { enums: String, arrays: false, defaults: false }) as Command;
  } catch {
    return undefined;
  }
}
