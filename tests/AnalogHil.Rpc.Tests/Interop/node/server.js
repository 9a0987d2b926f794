// Serves grpc.testing.TestService with grpc-js; prints its port, ends when its input closes.
const { grpc, testing, INITIAL, TRAILING } = require('./cases.js');

const payload = (size) => ({ type: 'COMPRESSABLE', body: Buffer.alloc(size) });

function echo(call) {
  const initial = call.metadata.get(INITIAL);
  if (initial.length > 0) {
    const headers = new grpc.Metadata();
    headers.set(INITIAL, initial[0]);
    call.sendMetadata(headers);
  }
  const trailers = new grpc.Metadata();
  call.metadata.get(TRAILING).forEach((value) => trailers.add(TRAILING, value));
  return trailers;
}

const server = new grpc.Server();
server.addService(testing.TestService.service, {
  EmptyCall: (call, done) => done(null, {}),
  UnaryCall: (call, done) => {
    const trailers = echo(call);
    const status = call.request.response_status;
    if (status && status.code !== 0) {
      done({ code: status.code, details: status.message, metadata: trailers });
    } else {
      done(null, { payload: payload(call.request.response_size) }, trailers);
    }
  },
  StreamingOutputCall: (call) => {
    call.request.response_parameters.forEach((each) => call.write({ payload: payload(each.size) }));
    call.end(echo(call));
  },
  StreamingInputCall: (call, done) => {
    let size = 0;
    call.on('data', (request) => { size += request.payload.body.length; });
    call.on('end', () => done(null, { aggregated_payload_size: size }));
    call.on('error', () => {});
  },
  FullDuplexCall: (call) => {
    const trailers = echo(call);
    call.on('error', () => {});
    call.on('data', (request) => {
      const status = request.response_status;
      if (status && status.code !== 0) {
        call.emit('error', { code: status.code, details: status.message, metadata: trailers });
        return;
      }
      request.response_parameters.forEach((each) => call.write({ payload: payload(each.size) }));
    });
    call.on('end', () => call.end(trailers));
  },
});
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(port);
});
process.stdin.on('end', () => process.exit(0)).resume();
