export { type Compiler, compileProject, createCompiler } from "./compile/compile-project.ts"
export { type Launched, type LaunchOptions, launch, type WxCall } from "./driver/launch.ts"
export type { AppConfig, CompileProblem, ComponentSource, Program } from "./program.ts"
export { createStageServer } from "./server/create-stage-server.ts"
export { stageRuntime } from "./server/stage-runtime.ts"
export type {
  PhoneBackend,
  Relay,
  RelayReply,
  RelayRequest,
  StageServer,
  StageServerOptions,
} from "./server/stage-server.ts"
export { type StartedStage, type StartStageOptions, startStage } from "./server/start-stage.ts"
