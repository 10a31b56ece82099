import { COMPONENT_FAULTS } from './component-faults.js';
import { describeFaults } from './fault-suites.js';

describeFaults(COMPONENT_FAULTS);
