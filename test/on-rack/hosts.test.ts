import { describeFaults } from './fault-suites.js';
import { NODE_FAULTS } from './host-faults.js';

describeFaults(NODE_FAULTS);
