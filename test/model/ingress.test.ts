import { expect, it } from 'vitest';
import { usedIngressClasses } from '../../src/model/ingress.js';

const nginx = { name: 'nginx', controller: 'k8s.io/ingress-nginx' };
const traefik = { name: 'traefik', controller: 'traefik.io/ingress-controller' };
const orphan = { name: 'orphan', controller: '' };

it('without a list in the lab file, all classes that have a controller, by name', () => {
  expect(usedIngressClasses([traefik, orphan, nginx], undefined)).toEqual([nginx, traefik]);
});

it('with a list, those that the cluster has, in the order of the list', () => {
  expect(usedIngressClasses([nginx, traefik], ['traefik', 'haproxy', 'nginx'])).toEqual([traefik, nginx]);
});
