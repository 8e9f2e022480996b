import type { WxObject } from "./phone.ts"

/** A call of an API of `wx`. */
export interface WxCallRecord {
  /** `login` */
  readonly name: string
  readonly arguments: readonly unknown[]
}

/** The same object; every call is told of before it happens. */
export function watchCalls(wx: WxObject, onCall: (call: WxCallRecord) => void): WxObject {
  return new Proxy(wx, {
    get(target, name) {
      const api = Reflect.get(target, name)
      if (typeof api !== "function" || typeof name !== "string") return api
      return new Proxy(api, {
        apply(_, __, given: unknown[]) {
          onCall({ name, arguments: given })
          return Reflect.apply(api, target, given)
        },
      })
    },
  })
}
