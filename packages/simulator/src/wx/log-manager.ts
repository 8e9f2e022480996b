type Log = (...what: readonly unknown[]) => void

/** What is written goes nowhere, as a phone keeps it for the developers' console only. */
export interface LogManager {
  readonly log: Log
  readonly info: Log
  readonly warn: Log
  readonly debug: Log
}

export interface RealtimeLogManager extends Omit<LogManager, "log" | "debug"> {
  readonly error: Log
  setFilterMsg(text: string): void
  addFilterMsg(text: string): void
  in(page: object): void
  tag(name: string): RealtimeLogManager
}

export interface LogManagerApi {
  getLogManager(options?: object): LogManager
  getRealtimeLogManager(): RealtimeLogManager
}

export function createLogManagerApi(): LogManagerApi {
  const nothing = () => {}
  const manager: LogManager = { log: nothing, info: nothing, warn: nothing, debug: nothing }
  const realtime: RealtimeLogManager = {
    info: nothing,
    warn: nothing,
    error: nothing,
    setFilterMsg: nothing,
    addFilterMsg: nothing,
    in: nothing,
    tag: () => realtime,
  }
  return { getLogManager: () => manager, getRealtimeLogManager: () => realtime }
}
