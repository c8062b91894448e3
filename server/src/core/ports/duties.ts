// What one node does for all of them. Whoever asks first has the duty, for as long as his node lives.
export interface Duties {
  /** True: this node does it. To be asked anew before each piece of the work. False when it cannot be found out. */
  mine(duty: string): Promise<boolean>;
}

/** Of a single node. */
export const everyDuty: Duties = { mine: async () => true };
