// A real server on data of its own, a real browser, and people in it: each has a context (a browser profile) to itself.
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { type ChildServer, openChildServer } from '../../../server/test/kit/child.ts';

export type Person = {
  readonly name: string;
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page complained about. Failed requests are told apart by the tests that cause them. */
  readonly errors: string[];
};

export type Stage = {
  readonly server: ChildServer;
  readonly browser: Browser;
  /** A new profile with the start page open. */
  visitor(options?: VisitorOptions): Promise<Person>;
  /** A visitor who gave a name and is in. */
  person(name: string, options?: VisitorOptions): Promise<Person>;
  close(): Promise<void>;
};

export type VisitorOptions = {
  width?: number;
  height?: number;
  locale?: string;
  dark?: boolean;
  touch?: boolean;
  scale?: number;
};

export const patienceMs = 15_000;

export async function openStage(): Promise<Stage> {
  const server = await openChildServer({ apps: '', env: { HONGYAN_DEMO: 'on' } });
  const browser = await chromium.launch({
    executablePath: process.env.HONGYAN_TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required'],
  });
  const stage: Stage = {
    server,
    browser,
    async visitor({ width = 1180, height = 760, locale = 'en-GB', dark, touch, scale } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        locale,
        colorScheme: dark ? 'dark' : 'light',
        hasTouch: touch ?? false,
        deviceScaleFactor: scale ?? 1,
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const page = await context.newPage();
      page.setDefaultTimeout(patienceMs);
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => {
        // What a browser says of a server that is away, or of something that is not there, is no fault of the page.
        const isNetwork = /Failed to load resource|WebSocket connection|ERR_/.test(message.text());
        if (message.type() === 'error' && !isNetwork) errors.push(message.text());
      });
      await page.goto(server.base);
      return { name: '', page, context, errors };
    },
    async person(name, options) {
      const visitor = await stage.visitor(options);
      await enter(visitor.page, name);
      return { ...visitor, name };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
  return stage;
}

export async function enter(page: Page, name: string): Promise<void> {
  await page.locator('#name').fill(name);
  await page.locator('.start-form button[type=submit]').click();
  await page.locator('.home').waitFor();
}

/** The list's row of a chat. */
export const row = (page: Page, name: string): Locator =>
  page.locator('.talk-row', { has: page.getByText(name, { exact: true }) });

/** Opens a chat that is in the list. */
export async function openTalk(page: Page, name: string): Promise<void> {
  await row(page, name).first().click();
  await page.locator('.head h1', { hasText: name }).waitFor();
}

export async function befriend(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New…' }).click();
  await page.getByRole('menuitem', { name: 'Add a friend' }).click();
  await page.locator('#friend').fill(name);
  await page.locator('dialog button[type=submit]').click();
  await page.locator('.head h1', { hasText: name }).waitFor();
}

export async function say(page: Page, text: string): Promise<void> {
  await page.locator('.composer textarea').fill(text);
  await page.locator('.composer textarea').press('Enter');
}

/** The bubble with this text. */
export const bubble = (page: Page, text: string): Locator => page.locator('.row', { hasText: text });

/** The texts of all messages in view, in order. */
export const texts = (page: Page): Promise<string[]> => page.locator('.row .text').allInnerTexts();

/** What can be done with a message. */
export async function choose(page: Page, text: string, item: string): Promise<void> {
  const line = bubble(page, text);
  await line.hover();
  await line.getByRole('button', { name: 'More about this message' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}
