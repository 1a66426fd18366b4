// The script that one would write instead of keyvault-backup, to be measured beside it: no versions, no manifest, no second look, nothing forced to the disk.
//
//   node backup.mjs VAULT-URL TARGET [CALLS]
//
// TARGET is a directory, or a container's URL with a SAS token; CALLS objects are backed up at a time, 1 if it is left out.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ManagedIdentityCredential } from '@azure/identity';
import { CertificateClient } from '@azure/keyvault-certificates';
import { KeyClient } from '@azure/keyvault-keys';
import { SecretClient } from '@azure/keyvault-secrets';
import { ContainerClient } from '@azure/storage-blob';

const [vaultUrl, target, calls = '1'] = process.argv.slice(2);

const credential = new ManagedIdentityCredential();
const options = { disableChallengeResourceVerification: true }; // only since the benchmark's vault is no real one
const secrets = new SecretClient(vaultUrl, credential, options);
const keys = new KeyClient(vaultUrl, credential, options);
const certificates = new CertificateClient(vaultUrl, credential, options);

async function* objects() {
  for await (const secret of secrets.listPropertiesOfSecrets()) {
    if (!secret.managed) {
      yield { kind: 'secret', name: secret.name, backup: () => secrets.backupSecret(secret.name) };
    }
  }
  for await (const key of keys.listPropertiesOfKeys()) {
    if (!key.managed) {
      yield { kind: 'key', name: key.name, backup: () => keys.backupKey(key.name) };
    }
  }
  for await (const certificate of certificates.listPropertiesOfCertificates()) {
    yield { kind: 'certificate', name: certificate.name, backup: () => certificates.backupCertificate(certificate.name) };
  }
}

async function toDirectory(directory) {
  for (const kind of ['secret', 'key', 'certificate']) {
    await mkdir(path.join(directory, kind), { recursive: true });
  }
  return (name, bytes) => writeFile(path.join(directory, name), bytes, { flag: 'wx' });
}

function toContainer(url) {
  const container = new ContainerClient(url);
  return (name, bytes) => container.getBlockBlobClient(name).upload(bytes, bytes.length, { conditions: { ifNoneMatch: '*' } });
}

const put = /^https?:/.test(target) ? toContainer(target) : await toDirectory(target);
const left = objects();

async function work() {
  for (let next = await left.next(); !next.done; next = await left.next()) {
    const { kind, name, backup } = next.value;
    await put(`${kind}/${name}`, await backup());
  }
}

await Promise.all(Array.from({ length: Number(calls) }, work));
