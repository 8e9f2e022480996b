/** Lets so many pass per minute under one key. */
export interface Limiter {
  /** Takes one. @throws DengluError `rate_limited`, with the seconds until there is one again */
  take(key: string): Promise<void>
}

/** Opens a limiter. @param name tells its keys from another's. @param points how many pass per minute */
export type OpenLimiter = (name: string, points: number) => Limiter
