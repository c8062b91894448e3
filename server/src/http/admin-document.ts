// The operator's API as an OpenAPI document, written by hand: it is small and changes rarely.
import { createRequire } from 'node:module';
import { settingSpecs } from '../core/apps/settings.ts';

/** Both the sources and the compiled program stand two folders below the package's root. */
const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

const settingTypes = {
  integer: 'integer',
  boolean: 'boolean',
  list: 'array',
  choice: 'string',
  zone: 'string',
  json: 'object',
} as const;
const settings = Object.fromEntries(
  Object.entries(settingSpecs).map(([name, spec]) => [
    name,
    {
      type: settingTypes[spec.type],
      description: spec.doc,
      default: spec.initial,
      ...(spec.type === 'list' ? { items: { type: 'string' } } : {}),
      ...(spec.type === 'choice' ? { enum: spec.among } : {}),
    },
  ]),
);

const text = { type: 'string' };
const json = (schema: unknown) => ({ 'application/json': { schema } });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const ok = (description: string, schema: unknown) => ({ description, content: json(schema) });
const failed = ok('What is wrong, in a code and a sentence.', ref('Error'));
const keysAsked = { name: 'keys', in: 'query', description: 'true: show the keys too', schema: { type: 'boolean' } };
const id = { name: 'id', in: 'path', required: true, schema: text };
const keyFields = { name: text, clientKey: text, masterKey: text, extraKeys: { type: 'array', items: text } };
const words = {
  type: 'object',
  properties: { words: { type: 'array', items: { type: 'string', maxLength: 16 }, maxItems: 1000 } },
  required: ['words'],
};

export const adminDocument = {
  openapi: '3.1.0',
  info: { title: "Hongyan operator's API", version, description: 'Apps, their settings, and how the server is.' },
  security: [{ token: [] }],
  paths: {
    '/admin/status': {
      get: {
        summary: 'How the server is',
        responses: { 200: ok('Version, uptime, readiness.', { type: 'object' }), 401: failed },
      },
    },
    '/admin/apps': {
      get: {
        summary: 'All apps',
        parameters: [keysAsked],
        responses: { 200: ok('Oldest first.', { type: 'array', items: ref('App') }), 401: failed },
      },
      post: {
        summary: 'Add an app; what is not given is made',
        requestBody: {
          content: json({ type: 'object', properties: { id: text, ...keyFields }, additionalProperties: false }),
        },
        responses: { 201: ok('The app with its keys.', ref('App')), 400: failed, 401: failed, 409: failed },
      },
    },
    '/admin/apps/{id}': {
      parameters: [id],
      get: {
        summary: 'One app',
        parameters: [keysAsked],
        responses: { 200: ok('The app.', ref('App')), 401: failed, 404: failed },
      },
      patch: {
        summary: 'Change name, keys or settings; a setting of null goes back to its default',
        requestBody: {
          content: json({
            type: 'object',
            properties: { ...keyFields, settings: ref('Settings') },
            additionalProperties: false,
          }),
        },
        responses: { 200: ok('The app.', ref('App')), 400: failed, 401: failed, 404: failed },
      },
      delete: {
        summary: 'Remove an app and everything in it',
        responses: { 204: { description: 'Gone.' }, 401: failed, 404: failed },
      },
    },
    '/admin/apps/{id}/words': {
      parameters: [id],
      get: {
        summary: "The app's sensitive words",
        responses: { 200: ok('The whole list.', words), 401: failed, 404: failed },
      },
      put: {
        summary: "Put the app's sensitive words anew; they are in force for the next message",
        requestBody: { content: json(words) },
        responses: { 200: ok('The list as it is kept.', words), 400: failed, 401: failed, 404: failed, 409: failed },
      },
    },
  },
  components: {
    securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    schemas: {
      Settings: { type: 'object', properties: settings },
      App: {
        type: 'object',
        properties: {
          id: text,
          ...keyFields,
          settings: ref('Settings'),
          overrides: ref('Settings'),
          createdAt: { type: 'integer' },
          updatedAt: { type: 'integer' },
        },
      },
      Error: { type: 'object', properties: { error: { type: 'object', properties: { code: text, message: text } } } },
    },
  },
} as const;
