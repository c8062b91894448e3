// One operation as OpenAPI shows it. What requests hold is described, not checked: the conventions of this door say how
// odd values are read.
import { Type } from 'typebox';
import { openDescribe, type Parameters } from '../../../http/describe.ts';
import { problem } from './schemas.ts';

const parameters: Parameters = {
  username: ['Name of a user', 'tom'],
  other: ['Name of another user', 'annie'],
  gid: ['Number of a group', '10000001'],
  room: ['Number of a chat room', '10000002'],
  msgid: ['Number of a message', '1'],
};

export const describe = openDescribe({ parameters, problem });

const word = (description: string, example: string) => Type.Optional(Type.String({ description, examples: [example] }));

export const pageQuery = {
  start: word('Leave out so many', '0'),
  count: word('At most so many; 100 by default, 500 at most', '100'),
};
/** A yes or no in the query. */
export const yesQuery = (name: string, description: string) => ({ [name]: word(description, 'false') });
