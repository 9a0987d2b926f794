// What client.js and server.js share: the service and a call turned into a promise.
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const definition = loader.loadSync(path.join(__dirname, 'test.proto'), { keepCase: true, enums: String, defaults: true });
const testing = grpc.loadPackageDefinition(definition).grpc.testing;
const INITIAL = 'x-grpc-test-echo-initial';
const TRAILING = 'x-grpc-test-echo-trailing-bin';

module.exports = { grpc, testing, INITIAL, TRAILING };
