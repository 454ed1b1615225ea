import { describeContainerizer } from './conformance/containerizer.conformance.js';

const otherUser = { name: 'daemon', uid: 1, gid: 1 };

describeContainerizer('the OCI containerizer with crun', {
  ...{ containerizer: 'oci', runtime: 'crun', holdsEscapees: true, otherUser },
});

describeContainerizer('the OCI containerizer with runc', {
  ...{ containerizer: 'oci', runtime: 'runc', holdsEscapees: true, otherUser },
});
