// Preloaded before an example of `mesos-framework`, which runs unchanged: connections to the addresses that the examples have written into
// them lead to the cluster of this test, as a route would. TRANCHE_PORT is its public port.
const net = require('node:net');

const EXAMPLE_HOSTS = new Set(['172.17.11.101', '172.17.10.101']);
// oxlint-disable-next-line typescript/unbound-method -- called below on the socket that it was called on
const { connect } = net.Socket.prototype;

net.Socket.prototype.connect = function connectToCluster(...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  if (options !== null && typeof options === 'object' && EXAMPLE_HOSTS.has(options.host)) {
    options.host = '127.0.0.1';
    options.port = Number(process.env.TRANCHE_PORT);
  }
  return connect.apply(this, args);
};
