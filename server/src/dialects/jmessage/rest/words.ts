// Sensitive words: one list of the app, which every door minds in its own way.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { changeApp } from '../../../core/apps/change.ts';
import type { Core } from '../../../core/core.ts';
import { addWords, removeWords, renameWord } from '../../../core/words/change-words.ts';
import { appOf } from '../caller.ts';
import { badValue } from '../errors.ts';
import { toTime } from '../times.ts';
import { bodyOf, namesIn, neededText, objectOf } from './body.ts';
import { answer, done } from './conventions.ts';
import { describe, pageQuery } from './describe.ts';
import { pageOf } from './query.ts';
import * as shapes from './schemas.ts';
import { statusIn, statusQuery } from './status.ts';

const tag = 'Sensitive words';
const url = '/v1/sensitiveword';
const wordsMax = 100;
const charactersMax = 10;

export function wordRoutes(door: FastifyInstance, core: Core): void {
  listRoutes(door, core);

  const switching = describe(`${url}/status`, {
    tag,
    summary: 'Turn the refusal of sensitive words on or off',
    query: statusQuery,
    answers: { 204: shapes.nothing },
  });
  door.put(`${url}/status`, { schema: switching }, async (request, reply) => {
    await changeApp(core, appOf(request).id, { settings: { 'jmessage.refuseWords': statusIn(request) } });
    return done(reply);
  });

  const show = describe(`${url}/status`, { tag, summary: 'Whether they are refused', answers: { 200: shapes.status } });
  door.get(`${url}/status`, { schema: show }, async (request, reply) =>
    answer(reply, { status: Number(appOf(request).settings['jmessage.refuseWords']) }),
  );
}

function listRoutes(door: FastifyInstance, core: Core): void {
  const add = describe(url, {
    tag,
    summary: 'Add words',
    description: 'All or none; words that are there already are passed over. An app has at most 100.',
    body: shapes.wordList,
    answers: { 204: shapes.nothing },
  });
  door.post(url, { schema: add }, async (request, reply) => {
    const words = wordsIn(request, 'the body').map(checked);
    await addWords(core, appOf(request), words, wordsMax);
    return done(reply);
  });

  const rename = describe(url, {
    tag,
    summary: 'Put one word for another',
    description: 'Nothing happens when the old word is not there.',
    body: shapes.wordChange,
    answers: { 204: shapes.nothing },
  });
  door.put(url, { schema: rename }, async (request, reply) => {
    const body = objectOf(request);
    const [from, to] = ['old_word', 'new_word'].map((name) => neededText(body, name, { bytesMax: 1024 }));
    await renameWord(core, appOf(request), checked(from as string), checked(to as string));
    return done(reply);
  });

  const remove = describe(url, {
    tag,
    summary: 'Remove a word',
    description: 'Nothing happens when it is not there. An array of words is taken too.',
    body: shapes.oneWord,
    answers: { 204: shapes.nothing },
  });
  door.delete(url, { schema: remove }, async (request, reply) => {
    const words = Array.isArray(bodyOf(request))
      ? wordsIn(request, 'the body')
      : [neededText(objectOf(request), 'word', { bytesMax: 1024 })];
    await removeWords(core, appOf(request), words.map(checked));
    return done(reply);
  });

  const list = describe(url, { tag, summary: 'All words', query: pageQuery, answers: { 200: shapes.wordPage } });
  door.get(url, { schema: list }, async (request, reply) => {
    const app = appOf(request);
    const { start, count } = pageOf(request, { countMax: 2000 });
    const { total, words } = await core.store.words.page(app.no, { skip: start, limit: count });
    const zone = app.settings['jmessage.timezone'];
    const shown = words.map(({ word, since }) => ({ name: word, itime: toTime(since, zone) }));
    return answer(reply, { start, count: shown.length, total, words: shown });
  });
}

function wordsIn(request: FastifyRequest, what: string): string[] {
  const words = namesIn(bodyOf(request), what, wordsMax);
  if (words.length === 0) throw badValue(`${what} must be an array of words`, 'body');
  return words;
}

function checked(word: string): string {
  const characters = [...word.trim()].length;
  if (characters < 1 || characters > charactersMax || !word.isWellFormed())
    throw badValue(`a word has 1 to ${charactersMax} characters`, 'word');
  return word;
}
