// One matcher for many words (Aho and Corasick's automaton): it reads a text once, whatever the number of words.

/** Turns one character (code point) into the one that stands for all its written forms. Pure. */
export type Fold = (character: string) => string;

/** Full-width and other compatibility forms become plain, capital letters small. */
export const plainFold: Fold = (character) => {
  const plain = single(character.normalize('NFKC'), character);
  return single(plain.toLowerCase(), plain);
};

/** A fold that gave more than one character would move the stars beside the word. */
const single = (folded: string, character: string): string => ([...folded].length === 1 ? folded : character);

type Node = {
  readonly next: Map<string, Node>;
  /** Where the longest other ending of what was read leads; undefined at the root. */
  fail: Node | undefined;
  /** Characters of the longest word that ends here; 0 = none. */
  longest: number;
};

export type Matcher = {
  /** The text with every character of every hit replaced by `*`; the very same string when there is no hit. */
  star(text: string): string;
  /** Whether any word is in the text. */
  hits(text: string): boolean;
};

export function buildMatcher(words: readonly string[], fold: Fold): Matcher {
  const root = buildTree(words, fold);
  if (root.next.size === 0) return { star: (text) => text, hits: () => false };
  linkFailures(root);
  return {
    star: (text) => star(root, text, fold),
    hits: (text) => marks(root, [...text], fold).some((length) => length > 0),
  };
}

const newNode = (): Node => ({ next: new Map(), fail: undefined, longest: 0 });

function buildTree(words: readonly string[], fold: Fold): Node {
  const root = newNode();
  for (const word of words) {
    let node = root;
    let length = 0;
    for (const character of word) {
      const key = fold(character);
      let next = node.next.get(key);
      if (!next) {
        next = newNode();
        node.next.set(key, next);
      }
      node = next;
      length += 1;
    }
    node.longest = length;
  }
  return root;
}

/** Breadth first, so that a node's shorter suffixes are complete before it looks at them. */
function linkFailures(root: Node): void {
  const queue: Node[] = [root];
  for (const node of queue) {
    for (const [key, child] of node.next) {
      child.fail = node === root ? root : step(node.fail ?? root, key);
      child.longest = Math.max(child.longest, child.fail.longest);
      queue.push(child);
    }
  }
}

function step(from: Node, key: string): Node {
  for (let node = from; ; node = node.fail) {
    const next = node.next.get(key);
    if (next) return next;
    if (!node.fail) return node;
  }
}

/** For each character, how many characters the longest word has that ends there. */
function marks(root: Node, characters: readonly string[], fold: Fold): number[] {
  let node = root;
  return characters.map((character) => {
    node = step(node, fold(character));
    return node.longest;
  });
}

function star(root: Node, text: string, fold: Fold): string {
  const characters = [...text];
  const lengths = marks(root, characters, fold);
  let starred = 0;
  // From the end, so that overlapping words merge: `reach` is how far to the left the hits seen so far extend.
  for (let at = characters.length - 1, reach = 0; at >= 0; at -= 1) {
    reach = Math.max(reach - 1, lengths[at] ?? 0);
    if (reach > 0) {
      characters[at] = '*';
      starred += 1;
    }
  }
  return starred === 0 ? text : characters.join('');
}
