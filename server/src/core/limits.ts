// Everything that can grow has a bound here, with its unit in its name and its reason beside it. A limit that an
// operator may want to move per app is a setting (apps/settings.ts) instead.

export const limits = {
  /** Characters of a user or passenger id that a client may create (the MaxLeap documents say 128). */
  idCharsMax: 128,
  /** Canonical content plus original body of one message, UTF-8 bytes. Doors have smaller limits of their own. */
  contentBytesMax: 64 * 1024,
  /** One attribute map as JSON text, UTF-8 bytes: it is read and written as a whole. */
  attributesBytesMax: 64 * 1024,
  /** Characters of an attribute's name: names are part of an index. */
  attributeNameCharsMax: 128,
  /** Characters of an attribute's value that the search index holds; longer values cannot be searched for. */
  facetCharsMax: 256,
  /** Elements of an array attribute that the search index holds. */
  facetElementsMax: 32,
  /** Records in one page of history or of a search, whatever the caller asks for. */
  pageMax: 100,
  /** Rows a search may look through when no index orders them; above it the caller is asked to narrow the search. */
  queryScanMax: 10_000,
  /** What an unread count says at most: further ones would have to be read to be counted. */
  unreadMax: 100,
  /** Messages in one page of history; doors that show fewer say so themselves. */
  messagesPageMax: 1_000,
  /** Imported messages of one conversation in one millisecond: a door whose cursor is a time alone shows them on one page. */
  tieMax: 64,
  /** Rows that an import writes at once: one transaction. */
  restoreRowsMax: 1_000,
  /** Differences that a comparison of source and copy names one by one. */
  differencesListed: 200,
  /** Rows that one step of an app-wide log looks at. */
  logScanRows: 10_000,
  /** Users that one call registers: one transaction. */
  registerMax: 500,
  /** Messages that one receipt of delivery speaks of. */
  deliveriesMax: 100,
  /** People in a temporary conversation. */
  temporaryMembersMax: 10,
  temporariesPerUserMax: 1_000,
  /** Services one person may subscribe to. */
  servicesPerUserMax: 1_000,
  /** People a user, a conversation, or a room or service may have blocked; and a conversation, silenced. */
  blocksPerUserMax: 1_000,
  blocksPerGroupMax: 500,
  blocksPerRoomMax: 10_000,
  /** Clients of one service that one message goes to. */
  threadsPerCallMax: 20,
  /** Broadcasts of one app in 24 hours: each reaches everybody. */
  broadcastsPerDayMax: 30,
  /** Broadcasts that one client is offered when he comes, the newest. */
  broadcastsOfferedMax: 100,
  /** Days that a service's history still shows a broadcast that is over. */
  broadcastKeepDays: 180,
  /** People in a group up to which every one's receipts are kept; in a larger one two are enough. */
  receiptPeopleMax: 50,
  /** How long a lost session keeps its seat in a room, and one whose end nobody saw. */
  seatMs: 30 * 60_000,
  seatUnseenMs: 2 * 24 * 60 * 60_000,
  /** How long a broadcast is valid at most. */
  broadcastDaysMax: 31,
  /** Days that notices are kept. */
  noticeDays: 30,
  friendsPerUserMax: 5_000,
  groupsPerUserMax: 1_000,
  roomsPerUserMax: 1_000,
  /** Installs of one user that are kept; the oldest is dropped, without an error. */
  installsPerUserMax: 20,
  /** Characters of an install's id, and of what its platform's push service knows it by (a browser's is the longest). */
  installCharsMax: 256,
  pushTokenCharsMax: 4_096,
  /** Live sessions of one principal; the oldest is closed, with a reason. */
  sessionsPerPrincipalMax: 50,
  /** Comings and goings of one node that share a transaction, and that may wait while the database is away. */
  presenceBatchMax: 500,
  presenceWaitingMax: 100_000,
  /** Ids in one member list of a request: the largest room plus its owner would still pass. */
  membersPerCallMax: 10_000,
  /** Messages of one session that may wait for the store at once; further ones are refused, so that one flood does not starve the rest. */
  saysPendingMax: 2_000,
  /** Events held back for a session that is still opening; above it the session is closed and catches up when it returns. */
  heldEventsMax: 1_000,
  /** Bytes that may wait for one slow reader. Above it the session is closed and catches up when it returns. */
  outboxBytesMax: 1024 * 1024,
  /** Writes that share one commit: many share its pages and its wait for the disk; 256 hold it up for some 4 ms. */
  commitBatchMax: 256,
  /** Bytes of drafts that share one commit. */
  commitBatchBytesMax: 256 * 1024,
  /** Writes that may wait for the store. Above it the caller hears `unavailable` instead of waiting for minutes. */
  commitQueueMax: 20_000,
  /** Connections of one node to PostgreSQL, which has 100 for everybody unless told otherwise. */
  databaseConnectionsMax: 16,
  /** Of these, what reads and what writes may hold at once: none of the two takes all, and appends find one free. */
  databaseReadsMax: 10,
  databaseWritesMax: 8,
  /** Batches of appends under way at once: a conversation that is held up does not hold up the others. */
  databaseAppendsMax: 2,
  /** How long somebody waits for a connection, and for his turn to ask for one. Above it he hears `unavailable`. */
  databaseConnectMsMax: 5_000,
  databaseWaitMsMax: 30_000,
  /** How long one statement may take, waiting for locks included; and a write that stands still in between. */
  databaseStatementMsMax: 15_000,
  /** How often a call is tried that the database could not do, and how long is waited before it is tried again. */
  databaseTriesMax: 4,
  databaseAgainMs: 50,
  /** Conversations whose facts one node remembers. */
  factsCached: 50_000,
  /** How long a remembered fact is believed at most, should its invalidation get lost on the way between nodes. */
  factsAgeMsMax: 30_000,
  /** References of talk that is not stored, and how long one node knows them: a lost connection is back long before. */
  looseRefsCached: 10_000,
  looseRefAgeMsMax: 5 * 60_000,
  /** How often one session tells one conversation that somebody is typing, and the conversations it is remembered for. */
  typingEveryMs: 1_000,
  typingPlacesMax: 100,
  /** Rows one step of a long deletion takes, so that it never holds up the commits of others. */
  eraseSliceRows: 1_000,
  /**
   * Messages of a passenger's talks that become the user's when he registers, in one write that others wait for (some 20 ms).
   * A talk beyond it stays under the passenger's name: visitors say hundreds.
   */
  passengerMovesMax: 5_000,
  /** Sensitive words of one app, and their length (the larger of the vendors' figures). */
  wordsMax: 1_000,
  wordCharsMax: 16,
  /** Bytes of a form besides its file: other fields are ignored, but they must end. */
  formExtraBytesMax: 1024 * 1024,
  /** Parts of one form, and the characters of a boundary that is believed (RFC 2046 says 70). */
  formPartsMax: 100,
  boundaryCharsMax: 200,
  /** What is read and thrown away after a refused upload, so that a client which reads only when it has written hears why. */
  drainBytesMax: 32 * 1024 * 1024,
  drainIdleMs: 500,
  /** Sides of the box that a thumbnail fits in, pixels. */
  thumbnailSideMax: 128,
  /** Pixels of a picture that can be decoded line by line: a phone's largest photo passes. */
  imagePixelsMax: 128 * 1024 * 1024,
  /** Pixels of a picture that has to be held in memory whole (GIF, WebP, interlaced or progressive): four bytes each. */
  imageHeldPixelsMax: 48 * 1024 * 1024,
  /** Bytes of a picture file: it is held in memory while it is decoded. Larger ones are refused as undecodable. */
  imageBytesMax: 64 * 1024 * 1024,
  /** How long one picture may take. */
  imageSecondsMax: 15,
  /** Pictures decoded at once: each takes one of the four threads that file access needs too. */
  imagesAtOnce: 2,
  /** Uploads that may wait for their thumbnail; above it the caller hears `unavailable`. */
  imagesWaitingMax: 256,
  /** Characters of an uploaded file's name that are kept. */
  fileNameCharsMax: 255,
  /** Uploads one step of their expiry removes: each is two files to delete. */
  expireSliceFiles: 100,
  /** Apps whose sensitive words one node remembers. */
  wordListsCached: 1_000,
  /** Nesting of a JSON body. Deeper ones are refused before anybody walks them. */
  jsonDepthMax: 32,
  /** Names of accounts in bytes, and of passwords: both are hashed or indexed as a whole. */
  usernameBytesMax: 128,
  passwordBytesMax: 1_024,
  /** Session tokens of one account; the oldest goes. */
  sessionTokensMax: 50,
  resetTokensMax: 5,
  resetTokenAgeMs: 60 * 60_000,
  /** A login token is short-lived, so that what has to be remembered of it is little; the clocks of two servers differ. */
  loginTokenAgeMsMax: 10 * 60_000,
  loginTokenSkewMs: 60_000,
  /** Codes to a phone: their life, wrong tries, and how often they are sent to one phone and for one address. */
  codeAgeMs: 10 * 60_000,
  codeTriesMax: 5,
  codeEveryMs: 60_000,
  codesPerPhoneAndDay: 10,
  codesPerAddressAndHour: 30,
  /** Wrong passwords of one account that cost nothing; from then on each doubles the wait. */
  loginFailuresFree: 5,
  /** The same for one address: a school or an office shares one. */
  addressFailuresFree: 50,
  loginWaitMs: 30_000,
  loginWaitMsMax: 60 * 60_000,
  loginFailureForgottenMs: 24 * 60 * 60_000,
} as const;
