// Two versions of a gRPC service and a client that finds them by itself: usage: node echo.js V1_PORT V2_PORT CALLS
// GRPC_XDS_BOOTSTRAP_CONFIG names the control plane. Prints {"v1": n, "v2": m, "failed": k}.
'use strict';
const grpc = require('@grpc/grpc-js');
require('@grpc/grpc-js-xds').register();

const [v1, v2, calls] = process.argv.slice(2).map(Number);
const bytes = { requestSerialize: b => b, requestDeserialize: b => b, responseSerialize: b => b, responseDeserialize: b => b };
const service = { who: { path: '/shop.v1.Cart/Who', requestStream: false, responseStream: false, ...bytes } };

function serve(version, port) {
  const server = new grpc.Server();
  server.addService(service, { who: (_, reply) => reply(null, Buffer.from(version)) });
  return new Promise((done, fail) => server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), e => e ? fail(e) : done(server)));
}

async function main() {
  const servers = [await serve('v1', v1), await serve('v2', v2)];
  const Client = grpc.makeGenericClientConstructor(service, 'Cart');
  const client = new Client('xds:///cart', grpc.credentials.createInsecure());
  const counts = { v1: 0, v2: 0, failed: 0 };
  for (let i = 0; i < calls; i++) {
    await new Promise(done => client.who(Buffer.from(''), { deadline: Date.now() + 10000 }, (error, answer) => {
      counts[error ? 'failed' : answer.toString()]++;
      if (error) console.error(error.message);
      done();
    }));
  }
  console.log(JSON.stringify(counts));
  client.close();
  servers.forEach(s => s.forceShutdown());
  process.exit(0);
}

main();
