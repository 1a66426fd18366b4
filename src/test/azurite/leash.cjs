// Loaded before Azurite. Its standard input is a pipe from the tests' JVM: when that ends, however it ends, so does Azurite.
process.stdin.on('end', () => process.exit(0)).resume();
