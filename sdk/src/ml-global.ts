// What a script tag brings: the global `ML`.
import { im } from './ml.ts';

const root = globalThis as { ML?: object };
root.ML = { ...root.ML, im };
