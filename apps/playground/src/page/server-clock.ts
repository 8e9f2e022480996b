import { createContext } from "preact"

/** Milliseconds by which the login server's clock is ahead of the browser's. */
export const ServerClock = createContext(0)
