import { DengluError } from "../errors.ts"

/** How a change of the schema waits while transactions of others stand in its way. */
export interface Patience {
  /** Milliseconds between tries; after the last one it gives up. Default: together about a minute. */
  readonly pauses?: readonly number[]
  /** Called before each pause. */
  readonly onWait?: () => void
}

const growing: readonly number[] = [250, 500, 1_000, 2_000, 3_000, ...new Array<number>(10).fill(5_000)]

/** Transactions of others have kept a table from the change of the schema, for all the time it had. */
export class SchemaHeldUp extends DengluError {
  constructor() {
    super("store_unavailable", {
      message:
        "running transactions kept it from a table for a minute; what is done stays done. End long ones (backups, reports), or wait until fewer people log in, and run denglu migrate again",
      retryAfter: 1,
    })
  }
}

/**
 * Does the work again, after pauses that grow, as long as transactions of others stand in its way. In the pauses they get on: whoever
 * waits for a table lets nobody past.
 *
 * @throws SchemaHeldUp when the pauses are over
 */
export async function patiently<Result>(
  isInTheWay: (error: unknown) => boolean,
  work: () => Promise<Result>,
  { pauses = growing, onWait = () => {} }: Patience = {},
): Promise<Result> {
  for (const pause of pauses) {
    try {
      return await work()
    } catch (error) {
      if (!isInTheWay(error)) throw error
    }
    onWait()
    await new Promise(resolve => setTimeout(resolve, pause))
  }
  try {
    return await work()
  } catch (error) {
    throw isInTheWay(error) ? new SchemaHeldUp() : error
  }
}
