export { BUILT_IN_VARIABLES } from '@posthorn/contracts/template-names'
export { compilePart, isTemplate, type CompiledPart, type Variables } from './compile.ts'
export type { Surroundings } from './date-filters.ts'
export { partsWithoutAddress, withFooter, type Footer } from './footer.ts'
export { compileMjml } from './mjml.ts'
export { isMjml } from './mjml-root.ts'
export { RENDER_LIMITS } from './limits.ts'
export {
  compileTemplate,
  PartError,
  type CompiledTemplate,
  type Rendered,
  type TemplatePart,
  type TemplateSource,
} from './template.ts'
export { TemplateError } from './template-error.ts'
export { textOfHtml } from './text-part.ts'
export { BusyError, type Turn } from './turns.ts'
export { variablesOf, type Recipient, type RecipientLinks, type VariableSources } from './variables.ts'
export { fieldOfVariable, warningsOf, type TemplateWarning } from './warnings.ts'
