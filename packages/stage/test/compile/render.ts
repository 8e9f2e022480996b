import { MiniProgramEnv } from "glass-easel-miniprogram-adapter"
import type { Program } from "../../src/program.ts"

/**
 * Draws a page with glass-easel in the test's document, and answers its HTML. Components are made of their own
 * scripts, which require nothing.
 */
export function render(program: Program, page: string, data: Record<string, unknown> = {}): string {
  const env = new MiniProgramEnv()
  const space = env.createCodeSpace("main", true)
  const groupList = new Function(`return ${program.templates}`)()
  for (const [path, { json, styleScope, module }] of Object.entries(program.components)) {
    const usingComponents = Object.fromEntries(
      Object.entries(json.usingComponents).map(([tag, used]) => [tag, `/${used}`]),
    )
    space.addStyleSheet(path, undefined, styleScope ?? undefined)
    space.addComponentStaticConfig(path, { ...json, usingComponents } as never)
    space.addCompiledTemplate(path, { groupList, content: groupList[path] })
    if (path === page)
      space
        .component(path)
        .data(() => data)
        .register()
    else if (json.component)
      space.componentEnv(path, ({ Component, Behavior }) =>
        new Function("Component", "Behavior", program.modules[module ?? ""] ?? "")(Component, Behavior),
      )
  }
  const root = env.associateBackend().createRoot("body", space, page)
  const element = root.getComponent().getBackendElement() as unknown as { readonly innerHTML: string }
  return element.innerHTML
}
