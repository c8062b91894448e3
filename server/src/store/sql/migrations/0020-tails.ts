// Edits of an app by time, wherever they were made: what a node asks for that may have missed one.
export const tails = ['create index messages_edited_age on messages (app, edited_ts) where edited_ts is not null'];
