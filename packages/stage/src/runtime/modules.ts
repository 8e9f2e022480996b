/** What every module of a mini program sees by name, besides `require`, `module` and `exports`. */
export type ModuleGlobals = Readonly<Record<string, unknown>>

/** Runs a module the first time and answers its exports. @throws Error that says which module is missing, and who asked */
export type Require = (path: string) => unknown

/**
 * Loads the mini program's own modules. They see `globals` and the page's `window` does not get to see them.
 * @param sources CommonJS by path, as `pages/index/index.js`
 */
export function createModules(sources: Readonly<Record<string, string>>, globals: ModuleGlobals): Require {
  const loaded = new Map<string, { exports: unknown }>()

  function load(path: string): unknown {
    const known = loaded.get(path)
    if (known !== undefined) return known.exports
    const source = sources[path]
    if (source === undefined) throw new Error(`module "${path}" is not there`)
    const module = { exports: {} as unknown }
    loaded.set(path, module)
    const run = within(globals, path, source)
    const require = (specifier: string) => load(resolve(specifier, path))
    // require.async is how subpackages are asked for; here they are always there.
    const asked = Object.assign(require, { async: async (specifier: string) => require(specifier) })
    try {
      run.call(undefined, asked, module, module.exports)
    } catch (error) {
      loaded.delete(path)
      throw error
    }
    return module.exports
  }

  function resolve(specifier: string, from: string): string {
    const folder = from.split("/").slice(0, -1)
    const places = /^\.{0,2}\//.test(specifier)
      ? [join(specifier.startsWith("/") ? [] : folder, specifier)]
      : [...folder.map((_, depth) => folder.slice(0, folder.length - depth)), []]
          .map(above => join([...above, "miniprogram_npm"], specifier))
          // "pages/x" without a dot is what some write for "./pages/x".
          .concat(join(folder, specifier), specifier)
    const found = places.flatMap(candidates).find(path => path in sources)
    if (found === undefined) throw new Error(`module "${specifier}" is not there, which ${from} requires`)
    return found
  }

  return load
}

type Run = (require: unknown, module: object, exports: unknown) => void

/**
 * A module as a function that sees `globals`. They stand one function further out, since a module may say
 * `const App = getApp()`; and all on the first line, so that lines are counted as the developer counts them.
 */
function within(globals: ModuleGlobals, path: string, source: string): Run {
  const outer = `(function (${Object.keys(globals).join(", ")}) { return function (require, module, exports) {`
  // biome-ignore lint/security/noGlobalEval: new Function would put lines of its own in front
  // biome-ignore lint/complexity/noCommaOperator: evaluated outside of this function
  const make = (0, eval)(`${outer}${source}\n}})\n//# sourceURL=miniprogram:///${path}`)
  return make(...Object.values(globals))
}

function candidates(path: string): string[] {
  const bare = path.replace(/\.ts$/, "")
  return [path, `${bare}.js`, `${bare}/index.js`]
}

/** `["a", "b"]` and `../c` make `a/c`. */
function join(folder: readonly string[], specifier: string): string {
  const parts = [...folder]
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop()
    else if (part !== "." && part !== "") parts.push(part)
  }
  return parts.join("/")
}
