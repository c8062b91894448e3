/**
 * What a call does about users that nobody has seen yet. Plainly, an id that no MaxLeap client could have is an error of its
 * own; `-any` leaves the form of ids to the door.
 */
export type UnknownUsers = 'create' | 'refuse' | 'create-any' | 'refuse-any';
