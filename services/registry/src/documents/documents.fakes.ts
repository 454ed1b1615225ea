import type { ClusterModel } from '../model/cluster-model.js';
import { ClusterDocuments, type MasterHead } from './cluster-documents.js';

const HEAD: MasterHead = {
  version: { version: '1', buildDate: 'd', buildTimeSeconds: 1, buildUser: 'u' },
  startTimeSeconds: 1,
  id: 'c',
  pid: 'master@h:1',
  hostname: 'h',
  capabilities: [],
};

export const documentsOf = (model: ClusterModel): ClusterDocuments => new ClusterDocuments(model, HEAD);
