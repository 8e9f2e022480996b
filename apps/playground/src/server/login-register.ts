import type { Device } from "./recording.ts"

/** A login under way. */
export interface LoginUnderWay {
  readonly device: Device
  /** How often the server has asked WeChat about its code. */
  asked: number
}

/** Knows by its code which login a question to WeChat belongs to. */
export interface LoginRegister {
  begin(code: string, device: Device): void
  end(code: string): void
  find(code: string): LoginUnderWay | undefined
}

export function createLoginRegister(): LoginRegister {
  const underWay = new Map<string, LoginUnderWay>()
  return {
    begin: (code, device) => void underWay.set(code, { device, asked: 0 }),
    end: code => void underWay.delete(code),
    find: code => underWay.get(code),
  }
}
