/**
 * The object itself, except that a function it lacks throws `not simulated: wx.NAME` when called.
 * Reading is harmless, and `then` and symbols stay undefined: await and consoles ask for them.
 */
export function refuseUnknown<Target extends object>(name: string, target: Target): Target {
  return new Proxy(target, {
    get(object, property, receiver) {
      if (
        typeof property === "symbol" ||
        property in object ||
        !apiName.test(property) ||
        silent.has(property)
      )
        return Reflect.get(object, property, receiver)
      return () => {
        throw new Error(`not simulated: ${name}.${property}`)
      }
    },
  })
}

/** Test runners that print an object ask it for names like `$$typeof` and `@@__IMMUTABLE_LIST__@@`. */
const apiName = /^[a-z][A-Za-z0-9]*$/

// toJSON: JSON.stringify would call it. asymmetricMatch: test runners look whether it is a function.
const silent: ReadonlySet<string> = new Set(["then", "catch", "finally", "toJSON", "asymmetricMatch"])
