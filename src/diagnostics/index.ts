export {auditEstimators} from './auditEstimators.js';
export type {AuditOptions, AuditProgram} from './auditOptions.js';
export type {AuditedEstimator, AuditReference, EstimatorAudit, RefusedEstimator, VariableAudit} from './auditResult.js';
export {formatAudit} from './formatAudit.js';
