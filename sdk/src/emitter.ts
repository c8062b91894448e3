// Callbacks by name. One that throws disturbs nobody else: its error goes where uncaught ones go.

export type Emitter<E> = {
  /** Answers how to stop. */
  on<N extends keyof E>(name: N, callback: (value: E[N]) => void): () => void;
  emit<N extends keyof E>(name: N, value: E[N]): void;
};

export function emitter<E>(): Emitter<E> {
  const heard: { [N in keyof E]?: Set<[(value: E[N]) => void]> } = {};
  return {
    on(name, callback) {
      const entry: [typeof callback] = [callback];
      // biome-ignore lint/suspicious/noAssignInExpressions: made when the first one listens
      const all = (heard[name] ??= new Set());
      all.add(entry);
      return () => {
        all.delete(entry);
      };
    },
    emit(name, value) {
      for (const [callback] of heard[name] ?? []) {
        try {
          callback(value);
        } catch (error) {
          setTimeout(() => {
            throw error;
          });
        }
      }
    },
  };
}
