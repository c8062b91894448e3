/** A handful for every day; more are a keyboard away. */
export const emoji = [
  ...'😀😄😁😂🤣😊🙂😉😍😘😋😎🤩🥳🤔🤨😐😏🙄😬😴😪😷🤒🥺😢😭😤😠😱😳🥱',
  ...'👍👎👌🤝👏🙏💪👋🤞🫶💯🔥🎉🎂🎁🌹🌸🌙⭐🌈🍵🍜🍻🐱🐶🐼🪿🚀💡📷🎵',
  '❤️',
  '💔',
  '✅',
  '❌',
];
