// Messages that mention somebody: whether one of a conversation's does is asked with every unread count.
export const mentions = ['create index messages_mentions on messages (app, conv, ts) where mentions is not null'];
