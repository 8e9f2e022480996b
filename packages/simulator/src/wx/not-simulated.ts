/**
 * The object itself, except that a function it lacks throws `not simulated: wx.NAME` when called, and so do those under
 * it: `wx.cloud.init()`. Reading is harmless, and `then` and symbols stay undefined: await and consoles ask for them.
 */
export function refuseUnknown<Target extends object>(name: string, target: Target): Target {
  return new Proxy(target, {
    get: (object, property, receiver) =>
      isAsked(object, property) ? refusal(`${name}.${property}`) : Reflect.get(object, property, receiver),
  })
}

function refusal(name: string): object {
  // No arrow function: `new wx.thing()` is to be told the same.
  function refuse(): never {
    throw new Error(`not simulated: ${name}`)
  }
  return refuseUnknown(name, refuse)
}

/** Whether somebody means an API by that property that is not there. */
function isAsked(object: object, property: string | symbol): property is string {
  return (
    typeof property === "string" && !(property in object) && apiName.test(property) && !silent.has(property)
  )
}

/** Test runners that print an object ask it for names like `$$typeof` and `@@__IMMUTABLE_LIST__@@`. */
const apiName = /^[a-z][A-Za-z0-9]*$/

// toJSON: JSON.stringify would call it. asymmetricMatch: test runners look whether it is a function.
const silent: ReadonlySet<string> = new Set(["then", "catch", "finally", "toJSON", "asymmetricMatch"])
