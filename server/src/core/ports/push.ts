// Push services: whoever wakes a device whose application is not connected.
import type { App } from '../apps/app.ts';
import type { PrincipalKey } from '../ids.ts';
import type { Content, Message } from '../messages/message.ts';
import type { MessagePlace } from '../messages/place.ts';

export const providerNames = ['apns', 'fcm', 'webpush', 'webhook'] as const;
export type ProviderName = (typeof providerNames)[number];

/** What one device is told. */
export type Notification = {
  /** A UUID; the same whenever the same device is told of the same cause. */
  readonly id: string;
  readonly who: PrincipalKey;
  readonly install: string;
  readonly platform: string | null;
  /** Empty: the device told none, only a webhook can reach it. */
  readonly token: string;
  readonly title?: string;
  readonly text: string;
  readonly sound?: string;
  readonly badge?: number;
  readonly contentAvailable?: boolean;
  /** What the device's application reads, by the doors' own keys; at most `bytes` bytes of JSON. */
  data(bytes: number): Readonly<Record<string, string>>;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
};

export type Outcome =
  | { readonly kind: 'sent' }
  /** The service knows the device no more. */
  | { readonly kind: 'dead-token' }
  | { readonly kind: 'retry'; readonly afterMs?: number; readonly why: string }
  /** It will not take this one, however often it is asked. */
  | { readonly kind: 'rejected'; readonly why: string };

export interface PushProvider {
  /** Never throws for a reason that lies with the service. `signal`: the time is up. */
  send(app: App, notification: Notification, signal: AbortSignal): Promise<Outcome>;
  close(): Promise<void>;
}

export type PushProviders = { readonly [P in ProviderName]: PushProvider };

/** What devices are told of, for the doors to put into their clients' words. */
export type Told =
  | { readonly type: 'message'; readonly message: Message; readonly place: MessagePlace }
  | { readonly type: 'announcement'; readonly content: Content; readonly ts: number };

/** What a door's clients look for in a push. The answer's JSON has at most `bytes` bytes: what is said may be cut. */
export type PushDoor = (told: Told, bytes: number) => Readonly<Record<string, string>>;
