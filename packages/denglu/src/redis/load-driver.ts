import type { Redis } from "ioredis"

/**
 * `ioredis`, which is the user's own.
 *
 * @throws TypeError if it is not installed
 */
export async function loadDriver(): Promise<{ readonly Redis: typeof Redis }> {
  try {
    return await import("ioredis")
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")
      throw new TypeError('redis: it needs the driver "ioredis": npm install ioredis')
    throw error
  }
}
