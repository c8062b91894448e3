// What each operation of this door is called in its OpenAPI document, and which parameters it takes. Parameters may stand
// in the query or in the body.
export type Words = readonly [tag: string, summary: string, parameters?: string];

const history = 'timestamp msgid till_timestamp till_msgid include_start include_stop reversed limit';
const messages = 'from_client message transient no_sync push_data priority mention_all mention_client_ids';
const query = 'where order skip limit';

const families: Record<string, readonly [tag: string, one: string]> = {
  conversations: ['Conversations', 'conversation'],
  chatrooms: ['Chatrooms', 'chatroom'],
  'service-conversations': ['Services', 'service conversation'],
};

/** By method and path below /1.2/rtm/<family>. */
function ofFamily(family: string, [tag, one]: readonly [string, string]): Record<string, Words> {
  const base = `/1.2/rtm/${family}`;
  const messagesOf = tag === 'Services' ? `to_clients ${messages}` : messages;
  const changes = tag === 'Services' ? 'to_clients from_client timestamp' : 'from_client timestamp';
  const words: Record<string, Words> = {
    [`POST ${base}`]: [tag, `Create a ${one}`, tag === 'Conversations' ? 'm name unique c' : 'name'],
    [`GET ${base}`]: [tag, `Find ${one}s`, query],
    [`GET ${base}/:id`]: [tag, `One ${one}`],
    [`PUT ${base}/:id`]: [tag, `Change columns of a ${one}`, 'name attr'],
    [`DELETE ${base}/:id`]: [tag, `Delete a ${one}`],
    [`POST ${base}/:id/messages`]: [tag, 'Say something', messagesOf],
    [`GET ${base}/:id/messages`]: [tag, 'What was said', history],
    [`DELETE ${base}/:id/messages/:mid`]: [tag, 'Take a message away', 'from_client timestamp'],
  };
  for (const method of ['POST', 'PUT']) {
    words[`${method} ${base}/:id/messages/:mid`] = [tag, 'Change a message', `${changes} message`];
    words[`${method} ${base}/:id/messages/:mid/recall`] = [tag, 'Recall a message', changes];
  }
  const lists = [
    ['temporary-silenceds', 'Who may not speak for a while', 'client_id ttl'],
    ['permanent-silenceds', 'Who may not speak', 'client_ids'],
    ['blacklists', 'Who is kept away', 'client_ids'],
    ['mutes', 'Who is silenced, or wants no push', 'client_id client_ids ttl'],
    ['members', 'Who is in', 'client_ids'],
  ] as const;
  for (const [list, summary, parameters] of lists) {
    words[`GET ${base}/:id/${list}`] = [tag, summary, 'limit next'];
    words[`POST ${base}/:id/${list}`] = [tag, `${summary}: add`, parameters];
    words[`DELETE ${base}/:id/${list}`] = [tag, `${summary}: remove`, parameters.replace(' ttl', '')];
  }
  const infos = `${base}/:id/member-infos`;
  words[`GET ${infos}`] = [tag, 'Who is more than a plain member', 'role skip limit'];
  words[`POST ${infos}`] = [tag, 'Give somebody a role', 'clientId role'];
  words[`PUT ${infos}/:info`] = [tag, 'Change a role', 'clientId role'];
  words[`DELETE ${infos}/:info`] = [tag, 'Take a role away'];
  return words;
}

const services: Record<string, Words> = {
  'POST /1.2/rtm/service-conversations/:id/subscribers': ['Services', 'Subscribe a client', 'client_id'],
  'GET /1.2/rtm/service-conversations/:id/subscribers': ['Services', 'Who has subscribed', 'client_id limit'],
  'GET /1.2/rtm/service-conversations/:id/subscribers/count': ['Services', 'How many have subscribed'],
  'DELETE /1.2/rtm/service-conversations/:id/subscribers/:client': ['Services', 'End a subscription'],
  'GET /1.2/rtm/service-conversations/:id/subscribers/:client/messages': [
    'Services',
    'What a subscriber heard',
    history,
  ],
  'DELETE /1.2/rtm/service-conversations/:id/subscribers/:client/messages/:mid': [
    'Services',
    'Take a message away from one client',
    'from_client timestamp',
  ],
  'POST /1.2/rtm/service-conversations/:id/broadcasts': ['Services', 'To all subscribers', 'from_client message push'],
  'POST /1.2/rtm/broadcasts': ['Services', 'To everybody', 'from_client conv_id message valid_till push transient'],
  'GET /1.2/rtm/broadcasts': ['Services', 'What is said to everybody', 'conv_id skip limit'],
  'DELETE /1.2/rtm/broadcasts/:mid': ['Services', 'End what is said to everybody'],
};

const clients: Record<string, Words> = {
  'POST /1.2/rtm/clients/check-online': ['Clients', 'Who of these is online', 'client_ids'],
  'GET /1.2/rtm/clients/:id/unread-count': ['Clients', 'How much is unread', 'conv_id'],
  'POST /1.2/rtm/clients/:id/kick': ['Clients', 'Send a client away', 'reason'],
  'GET /1.2/rtm/clients/:id/messages': ['Clients', 'What a client said', history],
  'GET /1.2/rtm/clients/:id/service-conversations': [
    'Clients',
    'What a client has subscribed to',
    'conv_id timestamp direction limit',
  ],
  'GET /1.2/rtm/clients/:id/blacklists': ['Clients', 'Conversations that a client keeps away from', 'limit next'],
  'POST /1.2/rtm/clients/:id/blacklists': ['Clients', 'Keep a client out of a conversation', 'conv_id'],
  'DELETE /1.2/rtm/clients/:id/blacklists': ['Clients', 'Let it be added again', 'conv_id'],
  'GET /1.2/rtm/clients/sign': ['Clients', 'A login signature for a user', 'session_token'],
  'GET /1.2/rtm/chatrooms/:id/members/online-count': ['Chatrooms', 'How many are in'],
  'GET /1.2/rtm/messages': ['App', 'What was said', history],
  'GET /1.2/rtm/stats': ['App', 'Who is online, and was today'],
  'GET /1.2/rtm/all-conversations': ['App', 'Conversations of every kind', query],
};

const older: Record<string, Words> = {
  'POST /1.1/rtm/messages': ['Older', 'Say something', 'from_peer conv_id message transient no_sync to_peers'],
  'GET /1.1/rtm/messages/history': ['Older', 'What was said', `convid from peerid ${history}`],
  'GET /1.1/rtm/messages/logs': ['Older', 'What was said', `convid from peerid ${history}`],
  'DELETE /1.1/rtm/messages/logs': ['Older', 'Take a record away', 'convid msgid timestamp from'],
  'PUT /1.1/rtm/messages/logs': ['Older', 'Replace a record', 'conv-id msg-id timestamp data bin'],
  'POST /1.1/rtm/patch/message': ['Older', 'Change or recall', 'from_peer conv_id msg_id timestamp message recall'],
  'GET /1.1/rtm/messages/unread/:client': ['Older', 'How much is unread'],
  'GET /1.1/rtm/messages/unread/:client/:conv': ['Older', 'How much is unread in a conversation'],
  'POST /1.1/rtm/broadcast': ['Older', 'To everybody', 'from_peer conv_id message valid_till push transient'],
  'DELETE /1.1/rtm/broadcast': ['Older', 'End what is said to everybody', 'mid'],
  'GET /1.1/rtm/broadcast': ['Older', 'What is said to everybody', 'conv_id skip limit'],
  'POST /1.1/rtm/broadcast/subscriber': ['Older', 'To all subscribers', 'from_peer conv_id message push'],
  'POST /1.1/rtm/conversation/subscription': ['Older', 'Subscribe a client', 'conv_id client_id'],
  'DELETE /1.1/rtm/conversation/subscription': ['Older', 'End a subscription', 'conv_id client_id'],
  'GET /1.1/rtm/conversation/subscription': ['Older', 'What a client has subscribed to', 'client_id conv_id timestamp'],
  'GET /1.1/rtm/conversation/subscribers': ['Older', 'Who has subscribed', 'conv_id client_id limit'],
  'GET /1.1/rtm/conversation/subscribers/count': ['Older', 'How many have subscribed', 'conv_id'],
  'GET /1.1/rtm/conversation/subscribed': ['Older', 'Whether a client has subscribed', 'conv_id client_id'],
  'POST /1.1/rtm/conversation/blacklist': ['Older', 'Silence a client for a while', 'conv_id client_id ttl'],
  'DELETE /1.1/rtm/conversation/blacklist': ['Older', 'Let it speak again', 'conv_id client_id'],
  'GET /1.1/rtm/transient_group/onlines': ['Older', 'How many are in a chatroom', 'gid'],
  'GET /1.1/rtm/transient_group/members': ['Older', 'Who is in a chatroom', 'gid'],
  'POST /1.1/rtm/online': ['Older', 'Who of these is online', 'peers'],
  'POST /1.1/rtm/client/kick': ['Older', 'Send a client away', 'client_id reason'],
  'POST /1.1/rtm/sign': ['Older', 'A login signature for a user', 'session_token'],
  'GET /1.1/rtm/notifications': ['Older', 'What a client missed', 'client_id start_ts notification_type'],
};

const storage: Record<string, Words> = {
  'GET /1.1/date': ['Rows', 'The time'],
  'POST /1.1/classes/_Conversation': ['Rows', 'Create a conversation', 'm name attr tr sys fetchWhenSave'],
  'GET /1.1/classes/_Conversation': ['Rows', 'Find conversations', `${query} keys count`],
  'GET /1.1/classes/_Conversation/:id': ['Rows', 'One conversation', 'keys'],
  'PUT /1.1/classes/_Conversation/:id': ['Rows', 'Change a conversation', 'm name attr where fetchWhenSave'],
  'DELETE /1.1/classes/_Conversation/:id': ['Rows', 'Delete a conversation'],
  'GET /1.1/scan/classes/_Conversation': ['Rows', 'All conversations, page by page', 'where cursor limit keys'],
  'GET /1.1/classes/_ConversationMemberInfo': ['Rows', 'Roles of a conversation', 'where client_id cid'],
  'POST /1.1/batch': ['Rows', 'Several requests in one', 'requests'],
  'POST /1.1/batch/save': ['Rows', 'Several requests in one', 'requests'],
  'GET /1.1/classes/_SysMessage': ['Rows', 'What clients said to services', query],
  'POST /1.1/fileTokens': ['Files', 'A place for a file; its bytes are PUT to upload_url', 'name mime_type metaData'],
  'POST /1.1/fileCallback': ['Files', 'How an upload went', 'token result'],
  'POST /1.1/files': ['Files', 'A file that is elsewhere', 'name url mime_type metaData'],
  'POST /1.1/users': ['Users', 'Sign up', 'username password email mobilePhoneNumber authData failOnNotExist'],
  'POST /1.1/usersByMobilePhone': ['Users', 'Sign up or log in by a code', 'mobilePhoneNumber smsCode'],
  'POST /1.1/login': ['Users', 'Log in', 'username email mobilePhoneNumber password smsCode'],
  'GET /1.1/users/me': ['Users', 'Whose session it is'],
  'PUT /1.1/users/:id/updatePassword': ['Users', 'A new password by the old one', 'old_password new_password'],
  'PUT /1.1/users/:id/refreshSessionToken': ['Users', 'End all sessions and begin one'],
  'POST /1.1/requestSmsCode': ['Users', 'A code to sign up with', 'mobilePhoneNumber'],
  'POST /1.1/requestLoginSmsCode': ['Users', 'A code to log in with', 'mobilePhoneNumber'],
  'POST /1.1/requestMobilePhoneVerify': ['Users', 'A code to verify a phone with', 'mobilePhoneNumber'],
  'POST /1.1/requestPasswordResetBySmsCode': ['Users', 'A code to set a password with', 'mobilePhoneNumber'],
  'POST /1.1/requestChangePhoneNumber': ['Users', 'A code to change a phone with', 'mobilePhoneNumber'],
  'POST /1.1/changePhoneNumber': ['Users', 'Another phone, by its code', 'mobilePhoneNumber code'],
  'POST /1.1/verifySmsCode/:code': ['Users', 'Whether a code is right', 'mobilePhoneNumber'],
  'POST /1.1/requestEmailVerify': ['Users', 'Refused: no mail is sent', 'email'],
  'POST /1.1/requestPasswordReset': ['Users', 'Refused: no mail is sent', 'email'],
  'POST /1.1/verifyMobilePhone/:code': ['Users', 'Verify a phone', 'mobilePhoneNumber'],
  'PUT /1.1/resetPasswordBySmsCode/:code': ['Users', 'Set a password by a code', 'mobilePhoneNumber password'],
};
for (const base of ['/1.1/users', '/1.1/classes/_User'])
  storage[`GET ${base}`] = ['Users', 'Find users', `${query} keys count`];
const installation = 'deviceType deviceToken installationId channels';
for (const base of ['/1.1/installations', '/1.1/classes/_Installation']) {
  storage[`POST ${base}`] = ['Devices', 'A device says where it can be told', installation];
  storage[`GET ${base}`] = ['Devices', 'Find devices', query];
  storage[`GET ${base}/:id`] = ['Devices', 'One device'];
  storage[`PUT ${base}/:id`] = ['Devices', 'Change a device', installation];
  storage[`DELETE ${base}/:id`] = ['Devices', 'Forget a device'];
}
for (const base of ['/1.1/users/:id', '/1.1/classes/_User/:id']) {
  storage[`GET ${base}`] = ['Users', 'One user'];
  storage[`PUT ${base}`] = ['Users', 'Change a user', 'username password email mobilePhoneNumber authData'];
  storage[`DELETE ${base}`] = ['Users', 'Remove an account'];
}
for (const base of ['/1.1/files/:id', '/1.1/classes/_File/:id']) {
  storage[`GET ${base}`] = ['Files', 'One file'];
  storage[`DELETE ${base}`] = ['Files', 'Delete a file'];
}

/** By method and path, as routes have them. */
export const words: Readonly<Record<string, Words>> = {
  ...Object.fromEntries(Object.entries(families).flatMap(([family, names]) => Object.entries(ofFamily(family, names)))),
  ...services,
  ...clients,
  ...older,
  ...storage,
};
